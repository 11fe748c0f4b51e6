/**
 * Who becomes master: candidates and their ranking. Pure: no thread, no clock; imports {@code java.*} and {@link
 * io.mqcontroller.controller.metadata} only.
 */
package io.mqcontroller.controller.election;
