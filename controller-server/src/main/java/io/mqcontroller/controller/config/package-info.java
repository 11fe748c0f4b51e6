/**
 * The configuration: which keys there are, with type, range, default and meaning; a file, the environment and changes made
 * at run time read into one checked {@link io.mqcontroller.controller.config.ControllerConfig}; all mistakes named at once.
 *
 * <p>Values are immutable; {@link io.mqcontroller.controller.config.LiveConfig} holds the few that may change while the
 * daemon runs, and may be used from any thread. Imports {@code remoting}'s seam for it, {@code raft.core}, and no Netty.
 */
package io.mqcontroller.controller.config;
