/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.ima;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.genvideo.model.GenerationRequest;
import io.genvideo.model.GenvideoException;
import io.genvideo.model.InvalidGenerationRequestException;
import io.genvideo.model.MediaInput;
import io.genvideo.model.MediaRole;
import io.genvideo.model.Operation;
import io.genvideo.provider.support.Medium;
import io.genvideo.spi.CallOptions;
import io.genvideo.spi.GenerationProvider;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/contracts/ima.md sections 2, 6 and 9: how many media, of which kind, in which order, from where. */
class ImaInputsTest extends ImaTestSupport {

    @BeforeEach
    void lists() {
        stubLists();
    }

    /** inputs: {@code role@name}, separated by spaces; a bare name has no role. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "text_to_video,wan,-,-",
                "image_to_video,wan,a.jpg,a.jpg",
                "image_to_video,wan,image@a.jpg,a.jpg",
                "image_to_video,wan,first_frame@a,a",
                "first_last_frame_to_video,kling,a.jpg b.jpg,a.jpg b.jpg",
                "first_last_frame_to_video,kling,first_frame@a.jpg last_frame@b.jpg,a.jpg b.jpg",
                "first_last_frame_to_video,kling,last_frame@b.jpg first_frame@a.jpg,a.jpg b.jpg",
                "first_last_frame_to_video,kling,last_frame@b.jpg a.jpg,a.jpg b.jpg",
                "first_last_frame_to_video,kling,b.jpg first_frame@a.jpg,a.jpg b.jpg",
                "first_last_frame_to_video,kling,image@a.jpg last_frame@b.jpg,a.jpg b.jpg",
                "reference_image_to_video,kling,a.jpg,a.jpg",
                "reference_image_to_video,viduq2,a.jpg b.png c.webp,a.jpg b.png c.webp",
                "reference_image_to_video,kling,reference@a.jpg image@b.jpg c.jpg d.jpg e.jpg,a.jpg b.jpg c.jpg d.jpg e.jpg"
            })
    void inTheOrderOfTheWire(String taskType, String model, String inputs, String sent) {
        JsonNode body = sent(asked(taskType, model, inputs));

        List<String> urls = sent == null
                ? List.of()
                : Stream.of(sent.split(" "))
                        .map(n -> "https://cdn.example.com/" + n)
                        .toList();
        assertThat(MAPPER.convertValue(body.get("src_img_url"), List.class)).isEqualTo(urls);
        assertThat(body.at("/parameters/0/parameters/input_images")).isEqualTo(body.get("src_img_url"));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "text_to_video,wan,a.jpg,1 given;takes none",
                "image_to_video,wan,-,0 given;at least 1",
                "image_to_video,vidu,a.jpg b.jpg,2 given;exactly 1",
                "first_last_frame_to_video,kling,a.jpg,1 given;exactly 2;first frame",
                "first_last_frame_to_video,vidu,a.jpg b.jpg c.jpg,3 given;exactly 2",
                "reference_image_to_video,kling,-,0 given;at least 1",
                "reference_image_to_video,pixverse,-,0 given;1 to 3",
                "reference_image_to_video,viduq2,a.jpg b.jpg c.jpg d.jpg,4 given;1 to 3",
                "first_last_frame_to_video,kling,first_frame@a.jpg first_frame@b.jpg,both have the role first_frame",
                "image_to_video,wan,last_frame@a.jpg,role last_frame;first_frame, image",
                "image_to_video,wan,reference@a.jpg,role reference",
                "reference_image_to_video,kling,first_frame@a.jpg,role first_frame;reference, image",
                "reference_image_to_video,kling,video@a.jpg,role video",
                "image_to_video,wan,v.mp4,v.mp4 is video/mp4;pictures only",
                "reference_image_to_video,kling,v.mp4,is video/mp4;would take it;pictures only",
                "reference_image_to_video,wan,s.mp3,is audio/mpeg;would take it",
                "reference_image_to_video,viduq2,s.mp3,is audio/mpeg;Vidu Q2 takes pictures only",
                "reference_image_to_video,veo,a.webp,is image/webp;image/jpeg, image/png",
                "image_to_video,vidu,a.gif,is image/gif;image/jpeg, image/png, image/webp"
            })
    void rejectsInvalidValues(String taskType, String model, String inputs, String expected) {
        GenvideoException e = failure(() -> provider().plan(asked(taskType, model, inputs), CallOptions.DEFAULT));

        assertThat(e).isInstanceOf(InvalidGenerationRequestException.class);
        assertThat(e.getMessage()).contains(expected.split(";"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost/a.jpg,false",
        "http://LOCALHOST:8080/a.jpg,false",
        "http://app.localhost/a.jpg,false",
        "http://127.0.0.1/a.jpg,false",
        "http://127.9.9.9/a.jpg,false",
        "http://0.0.0.0/a.jpg,false",
        "http://10.1.2.3/a.jpg,false",
        "http://172.16.0.1/a.jpg,false",
        "http://172.31.255.1/a.jpg,false",
        "http://172.32.0.1/a.jpg,true",
        "http://192.168.1.1/a.jpg,false",
        "http://192.169.1.1/a.jpg,true",
        "http://169.254.169.254/a.jpg,false",
        "http://[::1]/a.jpg,false",
        "http://[fe80::1]/a.jpg,false",
        "http://[fd00::1]/a.jpg,false",
        "http://[::ffff:10.0.0.1]/a.jpg,false",
        "http://[2606:4700::1]/a.jpg,true",
        "http://minio:9000/a.jpg,false",
        "http://nas.local/a.jpg,false",
        "http://cdn.example.com./a.jpg,true",
        "http://10.example.com/a.jpg,true",
        "https://cdn.example.com/a.jpg?x=1&y=%20,true",
        "https://api.imastudio.com/a.jpg,true"
    })
    void remoteServiceNeedsPublicUrl(String url, boolean found) {
        ImaRequests remote = new ImaRequests(context(KEY, null, null, "en").account());
        Medium medium = Medium.of(url(null, url), ImaErrors.ERRORS);

        if (found) {
            InputRules.CHECKS.url(medium, remote.address());
        } else {
            assertThat(failure(() -> {
                        InputRules.CHECKS.url(medium, remote.address());
                        return null;
                    }))
                    .hasMessageContaining("private network")
                    .hasMessageContaining(medium.url().getHost());
        }
    }

    @Test
    void localServiceMayFetchFromLocalNetwork() {
        String near = "http://192.168.1.1/a.jpg?x=1&y=%20";

        JsonNode body = sent(request(Operation.IMAGE_TO_VIDEO)
                .inputs(List.of(url(null, near)))
                .build());

        assertThat(body.at("/src_img_url/0").asText()).isEqualTo(near);
    }

    @ParameterizedTest
    @CsvSource({"http://192.168.1.1:88/x,true", "http://192.168.1.1/x,false"})
    void uploadHostOfAccountIsReachable(String url, boolean found) {
        ImaRequests wire = new ImaRequests(
                context(KEY, null, "http://192.168.1.1:88/u", "en").account());

        assertThat(wire.address().canFetch(java.net.URI.create(url))).isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource({"file:///etc/passwd", "ftp://h/a.jpg", "data:image/png;base64,AAAA", "mailto:a@b", "relative/a.jpg"})
    void onlyHttpAddresses(String url) {
        GenerationProvider provider = provider();
        assertThat(failure(() -> provider.plan(
                        request(Operation.IMAGE_TO_VIDEO)
                                .inputs(List.of(url(null, url)))
                                .build(),
                        CallOptions.DEFAULT)))
                .hasMessageContaining("not an http or https address");
        assertThat(failure(() -> provider.upload(url(null, url), CallOptions.DEFAULT)))
                .hasMessageContaining("not an http or https address");
    }

    private static GenerationRequest asked(String taskType, String model, String inputs) {
        List<MediaInput> media = inputs == null
                ? List.of()
                : Stream.of(inputs.split(" "))
                        .map(i -> {
                            String[] parts = i.split("@");
                            MediaRole role = parts.length == 1
                                    ? null
                                    : MediaRole.fromPath(parts[0]).orElseThrow();
                            return url(role, "https://cdn.example.com/" + parts[parts.length - 1]);
                        })
                        .toList();
        return GenerationRequest.builder()
                .operation(Operation.fromPath(taskType).orElseThrow())
                .model(model)
                .prompt(PROMPT)
                .inputs(media)
                .build();
    }
}
