/**
 * The command line, and {@link io.mqcontroller.controller.cli.ControllerDaemon}, the one place that knows all parts: it
 * builds them, starts them in order and stops them in order. No decision about brokers is made here.
 */
package io.mqcontroller.controller.cli;
