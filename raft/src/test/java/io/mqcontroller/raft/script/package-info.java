/**
 * Runs the scripts in {@code src/test/resources/scripts}: what members are told to do, and what the real core answers, side by
 * side, for people to read. {@link io.mqcontroller.raft.script.ScriptedCluster} lists the commands.
 */
package io.mqcontroller.raft.script;
