package io.mqcontroller.controller.controller.service;

/** A connection of this process; never reused in its life. */
public record ConnectionId(long value) {}
