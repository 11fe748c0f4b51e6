/**
 * The state of a cluster as a file, and stores made from one. Used by a command that runs once, on its only thread. May import
 * the codecs of the controller and the store of raft, as whoever makes a store by hand must.
 */
package io.mqcontroller.controller.cli.ctl.snapshot;
