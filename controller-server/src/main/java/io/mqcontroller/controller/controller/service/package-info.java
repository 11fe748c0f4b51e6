/**
 * What callers ask of the controller and what they are told, in words of no protocol: {@link
 * io.mqcontroller.controller.controller.service.ControllerService}, its requests and answers, and the seams through which the
 * loop speaks by itself. Values and interfaces only; used from any thread. Imports {@code metadata}, {@code liveness}, and the
 * Raft library's value types.
 */
package io.mqcontroller.controller.controller.service;
