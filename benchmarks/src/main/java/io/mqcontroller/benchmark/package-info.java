/**
 * Load on controllers, ours and Apache's, and what it costs them. Owns its caller threads; the controllers are processes.
 * May import Apache's remoting client and the harness of the integration tests.
 */
package io.mqcontroller.benchmark;
