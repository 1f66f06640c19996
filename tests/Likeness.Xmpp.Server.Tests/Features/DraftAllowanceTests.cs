using Likeness.Xmpp.Server.Features.Avatars;

namespace Likeness.Xmpp.Server.Tests.Features;

public sealed class DraftAllowanceTests
{
    [Fact]
    public void Pictures_nobody_announced_are_limited_until_they_expire()
    {
        var allowance = new DraftAllowance();
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var lifetime = TimeSpan.FromMinutes(10);
        for (var count = 0; count < 20; count++)
        {
            allowance.Take(now, lifetime);
        }

        Should.Throw<StanzaErrorException>(() => allowance.Take(now, lifetime)).Condition.ShouldBe(StanzaCondition.ResourceConstraint);
        Should.NotThrow(() => allowance.Take(now + lifetime, lifetime));
    }
}
