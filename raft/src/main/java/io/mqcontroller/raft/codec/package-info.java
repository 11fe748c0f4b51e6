/**
 * Values of {@code raft.core} as protobuf, for wire and disk. Stateless; any thread. Imports {@code raft.core} and {@code proto}.
 */
package io.mqcontroller.raft.codec;
