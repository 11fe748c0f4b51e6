package io.mqcontroller.controller.http;

import java.nio.charset.StandardCharsets;

/** What a path shows. Called on the {@code http-worker} thread; may take a while, as others then wait. */
@FunctionalInterface
public interface HttpPage {
    Answer answer(Query query);

    /**
     * @param accept the request's {@code Accept} header, or an empty text
     * @param verbose whether the query has {@code verbose}
     */
    record Query(String accept, boolean verbose) {}

    /** @param body not changed afterwards */
    record Answer(int status, String contentType, byte[] body) {
        static Answer text(int status, String text) {
            return new Answer(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
