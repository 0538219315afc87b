/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A request as the body of a REST call, read by a plain ObjectMapper. */
class GenerationRequestJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static GenerationRequest read(String json) throws Exception {
        return JSON.readValue(json.replace('\'', '"'), GenerationRequest.class);
    }

    @Test
    void readsARequestThatLeavesEverythingOut() throws Exception {
        assertThat(read("{}")).isEqualTo(GenerationRequest.builder().build());
        assertThat(read("{'prompt':'a lake'}").prompt()).isEqualTo("a lake");
    }

    @Test
    void readsARequestThatSetsEverything() throws Exception {
        assertThat(read(
                        "{'operation':'image-to-video','model':'wan','prompt':'a lake','inputs':['https://a.example/1.png',"
                                + "{'role':'last_frame','url':'https://a.example/2.png'},{'role':'LAST-FRAME','url':'http://b.example'}],"
                                + "'options':{'duration':5,'audio':true},'parameters':{'voice':'low'},'idempotencyKey':'k',"
                                + "'maxCredits':1.5,'userId':'ann'}"))
                .isEqualTo(new GenerationRequest(
                        Operation.IMAGE_TO_VIDEO,
                        "wan",
                        "a lake",
                        List.of(
                                MediaInput.of(new MediaSource.Url(URI.create("https://a.example/1.png"))),
                                new MediaInput(
                                        MediaRole.LAST_FRAME,
                                        new MediaSource.Url(URI.create("https://a.example/2.png"))),
                                new MediaInput(
                                        MediaRole.LAST_FRAME, new MediaSource.Url(URI.create("http://b.example")))),
                        new GenerationOptions(5.0, null, null, null, null, null, true),
                        Map.of("voice", "low"),
                        "k",
                        new BigDecimal("1.5"),
                        "ann"));
    }

    @Test
    void readsBytes() throws Exception {
        MediaInput input = read("{'inputs':[{'content':'AQID','name':'a.png','mimeType':'image/png'}]}")
                .inputs()
                .get(0);

        assertThat(input.source()).isInstanceOfSatisfying(MediaSource.Bytes.class, b -> {
            assertThat(b.content()).containsExactly(1, 2, 3);
            assertThat(b.name()).isEqualTo("a.png");
            assertThat(b.mimeType()).isEqualTo("image/png");
        });
    }

    @Test
    void writesWhatItReads() throws Exception {
        GenerationRequest request =
                read("{'operation':'generate','inputs':[{'role':'audio','url':'https://a.example/1'}]}");

        assertThat(JSON.readValue(JSON.writeValueAsString(request), GenerationRequest.class))
                .isEqualTo(request);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'operation':'to_video'}|operation|there is no operation 'to_video'; generations are text_to_video",
                "{'operation':7}|operation|there is no operation",
                "{'inputs':[{'role':'hero','url':'https://a.example'}]}|inputs|there is no role 'hero'; there are first_frame",
                "{'inputs':['/etc/passwd']}|inputs|'url' must be an http or https URL",
                "{'inputs':[{'url':'file:///etc/passwd'}]}|inputs|'url' must be an http or https URL",
                "{'inputs':[{'path':'/etc/passwd'}]}|inputs|an input has no field 'path'",
                "{'inputs':[{'content':'***'}]}|inputs|'content' is not Base64",
                "{'inputs':[{'content':''}]}|inputs|'content' is empty",
                "{'inputs':[{'role':'image'}]}|inputs|either 'url' or 'content'",
                "{'inputs':[7]}|inputs|an input must be a URL",
                "{'inputs':[null]}|inputs|has an entry that is null",
                "{'options':{'duration':'long'}}|duration|not a valid `Double` value",
                "{'options':{'length':5}}|length|Unrecognized field",
                "{'promt':'a lake'}|promt|Unrecognized field",
            })
    void namesTheFieldThatIsWrong(String json, String field, String message) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(JsonMappingException.class)
                .hasMessageContaining(field)
                .hasMessageContaining(message);
    }

    @Test
    void neverRepeatsAUrlThatIsWrong() {
        assertThatThrownBy(() -> read("{'inputs':['https://a.example/1.png?token=sec ret']}"))
                .isInstanceOf(JsonMappingException.class)
                .hasMessageNotContaining("sec ret");
    }
}
