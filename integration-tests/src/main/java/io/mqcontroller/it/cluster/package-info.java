/**
 * Control of real processes: controllers (ours and Apache's), name server, brokers, clients, {@code mqadmin}; and
 * brokers that are only simulated, with a second, independent reading of the remoting protocol. Every process is owned
 * by the object that started it and ended by its pid. Called from the test's thread; imports {@code java.*} and
 * Awaitility only.
 */
package io.mqcontroller.it.cluster;
