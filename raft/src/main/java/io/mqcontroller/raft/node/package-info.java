/**
 * The driver: one thread owns a {@link io.mqcontroller.raft.core.RaftCore}, feeds it events from a bounded mailbox and
 * carries out its effects; a second one writes to disk and reports back as an event, so that the next batch forms while the
 * last one is written; a third one takes snapshots.
 *
 * <p>Threads: {@code raft-ID}, {@code raft-disk-ID}, {@code raft-snapshot-ID}. Imports {@code raft.core}, {@code raft.log},
 * {@code raft.transport}, {@code raft.codec}.
 */
package io.mqcontroller.raft.node;
