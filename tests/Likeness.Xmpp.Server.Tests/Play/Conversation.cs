using System.Text;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>Everything said so far, for the message of a test that fails.</summary>
public sealed class Conversation
{
    private readonly StringBuilder _text = new();

    public void Line(TranscriptLine line) => Write($"line {line.Number}: {line.Text}");

    public void Sent(string actor, string what) => Write($"    {actor} >>> {what}");

    public void Received(string actor, string what) => Write($"    {actor} <<< {what}");

    public override string ToString() => _text.ToString();

    private void Write(string line) => _text.AppendLine(line);
}
