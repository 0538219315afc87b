/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * NemoVideo: a conversation with a video editor as one task. Start with {@link io.genvideo.provider.nemo.NemoProvider}.
 *
 * <p>A generation passes {@code NemoPlanner}: {@code ParameterResolver} writes the message, {@code InputRules} checks the media,
 * a session is created and {@code SessionUploader} brings the media into it. The message is the one paid call; it is answered by
 * a stream ({@code ChatStream}). Nothing that the stream says ends a task: {@code PollResponseMapper} compares the state of the
 * session ({@code SessionState}) with the one before the message, has {@code ExportStep} export the video and reads the render.
 * How far a task is stands in its {@code MessageProgress}, which is journalled. {@code MessageRecovery} finds out by the same
 * comparison whether a message whose answer was lost has arrived. Operations on a session outside a generation are in
 * {@code SessionOperations}.
 *
 * <p>{@code AccessTokens} and {@code TokenFile} provide the token, {@code NemoCalls} renews it once when the service rejects it.
 */
@NullMarked
package io.genvideo.provider.nemo;

import org.jspecify.annotations.NullMarked;
