using System.Text;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>Everything said so far, for the message of a test that fails.</summary>
public sealed class Conversation
{
    private readonly StringBuilder _text = new();
    private bool _quiet;

    public void Line(TranscriptLine line) => Write($"line {line.Number}: {line.Text}");

    public void Sent(string actor, string what) => Write($"    {actor} >>> {what}");

    public void Received(string actor, string what) => Write($"    {actor} <<< {what}");

    /// <summary>Nothing is written down until the result is disposed: a login is the same every time.</summary>
    public IDisposable Pause()
    {
        _quiet = true;
        return new Resume(this);
    }

    /// <summary>Somebody got this text, in whatever place of whatever stanza.</summary>
    public bool HasHeard(string actor, string text) =>
        ToString().Split('\n').Any(line => line.StartsWith($"    {actor} <<< ", StringComparison.Ordinal) && line.Contains(text, StringComparison.OrdinalIgnoreCase));

    public override string ToString()
    {
        lock (_text)
        {
            return _text.ToString();
        }
    }

    private void Write(string line)
    {
        // Actors of one scene may act at the same time.
        lock (_text)
        {
            if (!_quiet)
            {
                _text.AppendLine(line);
            }
        }
    }

    private sealed class Resume(Conversation conversation) : IDisposable
    {
        public void Dispose() => conversation._quiet = false;
    }
}
