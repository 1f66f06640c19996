using Likeness.Stores;
using Likeness.Xmpp.Server.Features.Push;

namespace Likeness.Xmpp.Server.Tests.Features.Push;

public sealed class PushTargetTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [Trait("Requirement", "U-9")]
    [InlineData(-3600, 2)]
    [InlineData(-1, 0)]
    [InlineData(59, 0)]
    [InlineData(60, 2)]
    public void A_clock_that_was_set_back_lets_no_device_sleep(int seconds, int expected)
    {
        var target = new PushTarget(new PushRegistration("push.example", "node", "phone", null, Noon));
        target.Take(PushUrgency.Normal, visits: 0, received: null, Noon).ShouldBe(1);

        target.Take(PushUrgency.Normal, visits: 0, received: null, Noon.AddSeconds(seconds)).ShouldBe(expected);
    }
}
