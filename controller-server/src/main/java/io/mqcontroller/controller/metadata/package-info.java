/**
 * What the controller knows and replicates, as immutable values, and how it decides.
 *
 * <p>Decide, record, replay: {@code decide.*} computes on the newest state (with the records that are on their way) what
 * should happen, as {@link io.mqcontroller.controller.metadata.Decision}; the records are replicated; {@code replay} assigns
 * what a record says, alike on every member, forever. Pure: no thread, no clock, no liveness of its own, no I/O. The only
 * caller is the controller loop. Imports {@code java.*} only.
 */
package io.mqcontroller.controller.metadata;
