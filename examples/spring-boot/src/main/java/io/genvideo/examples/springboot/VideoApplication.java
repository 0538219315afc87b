/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.examples.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Videos by REST: {@code POST /videos} with a picture and a prompt, {@code GET /videos/{id}}. */
@SpringBootApplication
public class VideoApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(VideoApplication.class, arguments);
    }
}
