/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** What a service may quote and nobody may see. */
final class Secrets {
    static final String SIGNATURE = "kit-presigned-secret";

    /** Long enough to be recognised. */
    static final String PART_OF_PROMPT = TestBed.PROMPT.substring(3, 24);

    /** A message of the service that quotes all of them, escaped for JSON: whole, in part, and with other white space. */
    static final String QUOTED =
            "cannot make: " + TestBed.PROMPT + " (" + TestBed.PROMPT.replace(" ", "\\n ") + ") near "
                    + PART_OF_PROMPT + " with " + TestBed.KEY + " or Bearer " + TestBed.KEY
                    + " from https://cdn.example.com/in.png?Expires=1&Signature=" + SIGNATURE + " " + "x".repeat(5000);

    /** Sent with requests of a provider that sends the portable option. */
    static final String NEGATIVE_PROMPT = "no visible wires anywhere at all";

    /** As {@link #QUOTED}, with the negative prompt. */
    static final String QUOTED_WITH_NEGATIVE_PROMPT = "without " + NEGATIVE_PROMPT + " " + QUOTED;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Secrets() {}

    /** Something that is done with a test bed, and what it made visible. */
    @FunctionalInterface
    interface Scenario {
        List<?> run(TestBed bed);
    }

    /** The same response with the prompt in each object of its body, under the name that services give it. */
    static ServiceResponse repeatPrompt(ServiceResponse response) {
        try {
            JsonNode body = MAPPER.readTree(response.body());
            repeatPrompt(body);
            return response.body(MAPPER.writeValueAsString(body));
        } catch (IOException notJson) {
            // a service that does not speak JSON repeats nothing under a name
            return response;
        }
    }

    private static void repeatPrompt(JsonNode node) {
        node.forEach(Secrets::repeatPrompt);
        if (node instanceof ObjectNode object) {
            object.put("prompt", TestBed.PROMPT);
            object.put("negative_prompt", NEGATIVE_PROMPT);
        }
    }
}
