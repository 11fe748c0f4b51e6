/**
 * What has changed, for people: elections, SyncStateSets, leaders, members, with their causes, and what operators had done. Written by
 * the controller loop, and by whoever serves operators; {@link io.mqcontroller.controller.controller.history.EventHistory} may be
 * read from any thread. Imports {@code metadata}, {@code replication}, {@code service}, and the Raft library's value types.
 */
package io.mqcontroller.controller.controller.history;
