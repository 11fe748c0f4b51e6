package io.mqcontroller.controller.http;

import io.mqcontroller.controller.http.HttpPage.Answer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * What a path does that others have to answer for. Called on the connection's event loop, so it must not wait; the stage may complete
 * on any thread, and should do so within seconds.
 */
@FunctionalInterface
public interface HttpCall {
    CompletionStage<Answer> answer(Request request);

    /**
     * One request, whole.
     *
     * @param parameters of the query; of one that is given twice the first
     * @param headers by name, in letters of any case; of one that is given twice the first
     * @param body as text
     * @param remote address of who asks
     */
    record Request(
            String method,
            String path,
            Map<String, String> parameters,
            Map<String, String> headers,
            String body,
            String remote) {
        public Request {
            Objects.requireNonNull(method, "method");
            Objects.requireNonNull(path, "path");
            parameters = Map.copyOf(parameters);
            TreeMap<String, String> inAnyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            inAnyCase.putAll(headers);
            headers = inAnyCase;
        }

        /** The value of a header, or an empty text. */
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }

        /** The value of a parameter, or an empty text. */
        public String parameter(String name) {
            return parameters.getOrDefault(name, "");
        }

        /** Whether the client takes an answer that is compressed by gzip. */
        public boolean takesGzip() {
            return List.of(header("Accept-Encoding").split("\\s*,\\s*")).contains("gzip");
        }
    }
}
