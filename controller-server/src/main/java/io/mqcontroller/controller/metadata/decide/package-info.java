/**
 * The use cases that change something, one class each: from the newest state and what is known of the replicas' lives to a
 * {@link io.mqcontroller.controller.metadata.Decision}. Pure; imports {@code java.*} and {@link
 * io.mqcontroller.controller.metadata} only.
 */
package io.mqcontroller.controller.metadata.decide;
