namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>Plays a transcript from its first line to its last.</summary>
public static class Performance
{
    /// <summary>Every kind of line; the first that fits a line is taken, so the special ones come first.</summary>
    private static readonly Step[] Steps = [.. SettingSteps.All, .. CommandSteps.All, .. ComponentSteps.All, .. FederationSteps.All, .. CastSteps.All, .. ResumptionSteps.All, .. StreamSteps.All, .. StanzaSteps.All, .. TimeSteps.All, .. PortraitSteps.All, .. RoomSteps.All];

    public static async Task Play(Transcript transcript)
    {
        await using var scene = new Scene();
        await Play(scene, transcript);
    }

    /// <summary>Plays in a scene that can be looked at afterwards.</summary>
    public static async Task Play(Scene scene, Transcript transcript)
    {
        foreach (var line in transcript.Lines)
        {
            scene.Conversation.Line(line);
            try
            {
                await Play(scene, line);
            }
            catch (Exception failure)
            {
                throw Explain(scene, transcript, line, failure);
            }
        }

        if (scene.ServerErrors.FirstOrDefault() is { } error)
        {
            throw new TranscriptException($"{transcript.Name}: the server logged an error: {error}\n\n{scene.Conversation}");
        }
    }

    private static Task Play(Scene scene, TranscriptLine line)
    {
        foreach (var step in Steps)
        {
            if (step.Match(line.Text) is { } words)
            {
                return step.Play(scene, words, line.Block);
            }
        }

        throw new TranscriptException("No step reads like this line.");
    }

    private static TranscriptException Explain(Scene scene, Transcript transcript, TranscriptLine line, Exception failure)
    {
        var reason = failure is OperationCanceledException ? "Nothing came within 30 seconds." : failure is TranscriptException ? failure.Message : failure.ToString();
        var errors = string.Join('\n', scene.ServerErrors);
        return new TranscriptException(
            $"{transcript.Name}.xmpp:{line.Number}: {line.Text}\n{line.Block}\n\n{reason}\n\nThe conversation so far:\n{scene.Conversation}\n{errors}",
            failure is TranscriptException ? null : failure);
    }
}
