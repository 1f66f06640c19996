using System.Net;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;

namespace Likeness.Web.Tests.Visits;

public sealed class VisitorTests
{
    [Fact]
    [Trait("Requirement", "P-13")]
    public async Task Where_a_visitor_was_is_known_when_the_request_is_over_and_its_context_anothers()
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");
        var visitor = await Visitor.Of(context, null!, null!);
        context.Connection.RemoteIpAddress = IPAddress.Parse("198.51.100.7");
        visitor.Network.ShouldBe("192.0.2.0/24");
        (await Visitor.Of(new DefaultHttpContext(), null!, null!)).Network.ShouldBe("?", "a socket of this machine has no address");
        visitor.Client.ShouldBe(Limits.ClientKey.Of(IPAddress.Parse("192.0.2.7")));
    }
}
