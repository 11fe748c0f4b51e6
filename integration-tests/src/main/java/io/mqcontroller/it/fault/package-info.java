/** Faults done to processes, and the timing of what follows. Called from the test's thread; knows {@code cluster}. */
package io.mqcontroller.it.fault;
