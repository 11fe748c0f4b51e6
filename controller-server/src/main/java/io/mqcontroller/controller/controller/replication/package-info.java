/**
 * From decisions to replicated records and back: {@link io.mqcontroller.controller.controller.replication.DecisionLog} batches
 * records into proposals and answers whoever waits for them, the codecs are what stands in the log and in snapshots. Owned by the
 * controller loop. Imports {@code metadata}, {@code service}, and the Raft library.
 */
package io.mqcontroller.controller.controller.replication;
