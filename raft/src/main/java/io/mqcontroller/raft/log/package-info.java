/**
 * The durable log: the {@link io.mqcontroller.raft.log.LogStore} seam and its RocksDB implementation.
 *
 * <p>Owned by the disk thread of {@code raft.node}, except where a method says otherwise. Imports {@code raft.core},
 * {@code raft.codec}, protobuf records of {@code proto}, RocksDB.
 */
package io.mqcontroller.raft.log;
