package io.mqcontroller.it.history;

import java.util.OptionalLong;

/**
 * Who was master of a group, as a controller that led showed it.
 *
 * @param atMs when this was seen first
 */
public record Seen(long atMs, int masterEpoch, OptionalLong master) {}
