using Likeness.Xmpp.Server.Tests.Play;

namespace Likeness.Xmpp.Server.Tests;

/// <summary>Plays every transcript against the real server over TCP.</summary>
public sealed class TranscriptTests
{
    public static IEnumerable<TheoryDataRow<string>> Transcripts =>
        Transcript.All.Select(name => new TheoryDataRow<string>(name) { TestDisplayName = name });

    [Theory]
    [MemberData(nameof(Transcripts))]
    public Task Plays(string transcript) => Performance.Play(Transcript.Read(transcript));
}
