package io.mqcontroller.controller.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a path shows. Called on the {@code http-worker} thread; may take a while, as others then wait. */
@FunctionalInterface
public interface HttpPage {
    Answer answer(Query query);

    /**
     * @param accept the request's {@code Accept} header, or an empty text
     * @param verbose whether the query has {@code verbose}
     */
    record Query(String accept, boolean verbose) {}

    /**
     * @param body not changed afterwards
     * @param headers more of them; they replace those that each answer has
     */
    record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {
        public Answer {
            headers = Map.copyOf(headers);
        }

        /** Without further headers. */
        public Answer(int status, String contentType, byte[] body) {
            this(status, contentType, body, Map.of());
        }

        /** A line for people. */
        public static Answer text(int status, String text) {
            return new Answer(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
