/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.sandbox.nemo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.genvideo.sandbox.media.RenderRequest;
import java.util.List;

/**
 * The timeline of a session (docs/contracts/nemo.md section 8). It must come back byte for byte, so it has what a parser
 * would change: spaces, escaped characters, trailing zeros, exponents and numbers that no double holds.
 *
 * @param text its JSON
 * @param exportable whether a track has a segment
 * @param result what an export of it shows
 */
record Draft(String text, boolean exportable, RenderRequest result) {
    private static final ObjectMapper ASCII =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    /** A segment for each edit would grow without a bound. */
    private static final int MAX_SEGMENTS = 20;

    /**
     * @param briefs the messages that shaped it, in order
     * @param scored whether music and title were added
     * @param segments whether its tracks have segments
     */
    static Draft of(String sessionId, List<Brief> briefs, boolean scored, boolean segments, RenderRequest result) {
        Brief last = briefs.get(briefs.size() - 1);
        int millis = last.seconds() * 1000;
        boolean wide = last.aspect().equals("16:9");
        StringBuilder titles = new StringBuilder();
        for (int i = Math.max(1, briefs.size() - MAX_SEGMENTS); segments && i < briefs.size(); i++) {
            titles.append(titles.isEmpty() ? "" : ",")
                    .append("{\"id\":\"t" + i + "\",\"d\":" + millis + ".0,\"x\":"
                            + quoted(briefs.get(i).text()) + "}");
        }
        String video =
                segments ? "{\"id\":\"s1\",\"d\":" + millis + ",\"in\":0.0,\"sx\":1.50,\"ref\":" + sessionId + "}" : "";
        String music = segments && scored ? "{\"id\":\"a1\",\"d\":" + millis + ",\"gain\":-1.20E+1}" : "";
        String text = "{\"d\":" + millis + ", \"m\":{\"title\":"
                + quoted(briefs.get(0).text()) + ",\"width\":"
                + (wide ? "1920,\"height\":1080" : "1080,\"height\":1920") + ",\"src\":\"nemo\\/agent\",\"rev\":"
                + briefs.size() + (scored ? ".10" : ".00") + "},\"t\":[{\"tt\":0,\"sg\":[" + video
                + "]},{\"tt\":1,\"sg\":[" + music + "]},{\"tt\":7,\"sg\":[" + titles + "]}]}";
        return new Draft(text, segments, result);
    }

    private static String quoted(String text) {
        try {
            return ASCII.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a text that is not serialisable", e);
        }
    }
}
