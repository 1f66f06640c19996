using System.Globalization;
using Likeness.Xmpp.Server.Federation;

namespace Likeness.Xmpp.Server.Tests.Federation;

[Trait("Requirement", "F-23")]
public sealed class PendingKeysTests
{
    private const int MaxAsked = 256;
    private static readonly DomainPair Pair = new("example.org", "capulet.example");
    private readonly PendingKeys _keys = new();

    [Fact]
    public async Task A_server_that_never_answers_is_not_asked_without_end()
    {
        for (var number = 0; number < MaxAsked; number++)
        {
            _keys.Add(Pair, Id(number), out _).ShouldBeTrue();
        }

        _keys.Add(Pair, "one more", out var verdict).ShouldBeFalse();

        (await verdict).ShouldBe(DialbackVerdict.Timeout);
    }

    [Fact]
    public void Whatever_is_answered_makes_room()
    {
        for (var number = 0; number < MaxAsked; number++)
        {
            _keys.Add(Pair, Id(number), out _).ShouldBeTrue();
        }

        _keys.Take(Pair, Id(7), DialbackVerdict.Valid).ShouldBeTrue();

        _keys.Add(Pair, "one more", out _).ShouldBeTrue();
    }

    private static string Id(int number) => number.ToString(CultureInfo.InvariantCulture);
}
