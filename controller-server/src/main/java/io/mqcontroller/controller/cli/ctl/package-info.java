/**
 * {@code mqctl}, the operator's command: a class for each of its commands. Runs as a process of its own and ends when its
 * command is done. What it asks goes through {@code client}, what it says through {@code output}; commands that look at files
 * use the daemon's own packages for that, and nothing else does, so that the rest starts fast.
 */
package io.mqcontroller.controller.cli.ctl;
