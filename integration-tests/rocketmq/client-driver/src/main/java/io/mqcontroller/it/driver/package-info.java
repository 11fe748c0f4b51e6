/**
 * Apache's own client behind a command line. Owns the process a test starts as a producer or a consumer; its threads
 * are the client's. May import Apache RocketMQ; nothing imports it.
 */
package io.mqcontroller.it.driver;
