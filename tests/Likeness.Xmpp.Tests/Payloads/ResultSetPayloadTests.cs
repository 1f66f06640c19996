using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Payloads;

/// <summary>The examples of XEP-0059 §2, and what is malformed.</summary>
public sealed class ResultSetPayloadTests
{
    [Theory]
    [InlineData("<max>10</max>", 10, null, null, null)]
    [InlineData("<max>10</max><after>peterpan@neverland.lit</after>", 10, "peterpan@neverland.lit", null, null)]
    [InlineData("<max>10</max><before>peter@pixyland.org</before>", 10, null, "peter@pixyland.org", null)]
    [InlineData("<max>10</max><before/>", 10, null, "", null)]
    [InlineData("<max>10</max><index>371</index>", 10, null, null, 371)]
    [InlineData("<max>0</max>", 0, null, null, null)]
    [InlineData("<after>a &amp; b</after>", null, "a & b", null, null)]
    public void A_request_is_read_and_written(string inside, int? max, string? after, string? before, int? index)
    {
        var query = Query($"<set xmlns='http://jabber.org/protocol/rsm'>{inside}</set>");
        var request = new ResultSetRequest(max) { After = after, Before = before, Index = index };

        ResultSetRequest.Read(query).ShouldBe(request);
        ResultSetRequest.Read(new Element("query", "jabber:iq:search").Add(request.ToElement())).ShouldBe(request);
    }

    [Theory]
    [InlineData("<max>ten</max>")]
    [InlineData("<max>-1</max>")]
    [InlineData("<max/>")]
    [InlineData("<max>99999999999</max>")]
    [InlineData("<index>1.5</index>")]
    [InlineData("<after>a</after><index>0</index>")]
    [InlineData("<after>a</after><before/>")]
    public void A_malformed_request_is_a_bad_request(string inside)
    {
        var query = Query($"<set xmlns='http://jabber.org/protocol/rsm'>{inside}</set>");

        Should.Throw<StanzaErrorException>(() => ResultSetRequest.Read(query)).Condition.ShouldBe(StanzaCondition.BadRequest);
    }

    [Fact]
    public void A_page_is_read_and_written()
    {
        const string Written = "<set xmlns='http://jabber.org/protocol/rsm'><first index='10'>peter@pixyland.org</first><last>peter@rabbit.lit</last><count>800</count></set>";
        var page = new ResultSetPage("peter@pixyland.org", 10, "peter@rabbit.lit", 800);

        ResultSetPage.Read(Query(Written)).ShouldBe(page);
        page.ToElement().ToString().ShouldBe(Written);
        new ResultSetPage(null, null, null, 790).ToElement().ToString().ShouldBe("<set xmlns='http://jabber.org/protocol/rsm'><count>790</count></set>");
        ResultSetPage.Read(Query("<set xmlns='http://jabber.org/protocol/rsm'><first>a</first><last>b</last></set>")).ShouldBe(new ResultSetPage("a", null, "b", null));
    }

    [Fact]
    public void What_has_no_set_asks_and_says_nothing()
    {
        ResultSetRequest.Read(Query("<set/>")).ShouldBeNull();
        ResultSetPage.Read(Query("")).ShouldBeNull();
    }

    private static Element Query(string inside) => XmlStreamReader.ParseElement($"<query xmlns='jabber:iq:search'>{inside}</query>");
}
