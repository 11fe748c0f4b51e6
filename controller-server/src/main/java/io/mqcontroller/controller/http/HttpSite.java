package io.mqcontroller.controller.http;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a server answers, by path. A path stands in one of the three only. */
public record HttpSite(Map<String, HttpPage> pages, Map<String, HttpCall> calls, Map<String, HttpStream> streams) {
    public HttpSite {
        pages = Map.copyOf(pages);
        calls = Map.copyOf(calls);
        streams = Map.copyOf(streams);
    }

    /** Pages only. */
    public static HttpSite of(Map<String, HttpPage> pages) {
        return new HttpSite(pages, Map.of(), Map.of());
    }

    /** The same, and those of the other. */
    public HttpSite with(HttpSite other) {
        return new HttpSite(both(pages, other.pages), both(calls, other.calls), both(streams, other.streams));
    }

    SortedSet<String> paths() {
        SortedSet<String> paths = new TreeSet<>(pages.keySet());
        paths.addAll(calls.keySet());
        paths.addAll(streams.keySet());
        return paths;
    }

    private static <T> Map<String, T> both(Map<String, T> one, Map<String, T> other) {
        Map<String, T> both = new TreeMap<>(one);
        both.putAll(other);
        return both;
    }
}
