/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
/**
 * skills.video: some sixty models of many vendors behind one API. Start at
 * {@link io.genvideo.provider.skillsvideo.SkillsvideoProvider}.
 *
 * <p>A request passes {@code SkillsvideoPlanner} (model, task type, parameters and media by the model's schema) and becomes a
 * {@code SkillsvideoReady}, whose create call is answered in one piece or by a stream of events ({@code StreamedCreate}).
 * {@code CreateResponseMapper} says what an answer to create means, {@code PollResponseMapper} what a task that the service
 * describes
 * has come to, be it in the answer to a poll or in an event. Sections that are quoted are those of the notes on the service's
 * contract.
 */
@NullMarked
package io.genvideo.provider.skillsvideo;

import org.jspecify.annotations.NullMarked;
