/**
 * Faults done to processes and to the network between them, and the timing of what follows. Called from the test's thread;
 * knows {@code cluster} and {@code history}.
 */
package io.mqcontroller.it.fault;
