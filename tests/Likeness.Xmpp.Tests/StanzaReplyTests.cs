using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests;

public sealed class StanzaReplyTests
{
    private static readonly Element Request =
        XmlStreamReader.ParseElement("<iq type='get' id='7' from='a@b/c' to='d@e'><ping xmlns='urn:xmpp:ping'/></iq>", Ns.Client);

    [Fact]
    [Trait("Requirement", "C-86")]
    public void A_result_goes_back_with_the_same_id()
    {
        StanzaReply.Result(Request).ToString().ShouldBe("<iq from='d@e' to='a@b/c' id='7' type='result'/>");
        StanzaReply.Payload(Request).Is("ping", Ns.Ping).ShouldBeTrue();
    }

    [Fact]
    [Trait("Requirement", "C-87")]
    public void An_error_goes_back_with_its_reason_and_can_be_read()
    {
        var error = new StanzaErrorException(StanzaCondition.NotAcceptable, "At most 64 KiB.", new Element("payload-too-big", Ns.PubSubErrors));
        var reply = StanzaReply.Error(Request, error)!;
        reply["type"].ShouldBe("error");
        reply["to"].ShouldBe("a@b/c");
        var read = StanzaReply.ReadError(reply);
        read.Condition.ShouldBe(StanzaCondition.NotAcceptable);
        read.Message.ShouldBe("At most 64 KiB.");
        read.Detail!.Name.ShouldBe("payload-too-big");
    }

    [Theory]
    [Trait("Requirement", "C-87")]
    [InlineData("error")]
    [InlineData("result")]
    public void Errors_and_results_are_never_answered(string type) =>
        StanzaReply.Error(Request.Copy().Set("type", type), StanzaCondition.BadRequest).ShouldBeNull();

    [Theory]
    [Trait("Requirement", "C-86")]
    [InlineData("<iq type='get' id='1'/>")]
    [InlineData("<iq type='get'><a/></iq>")]
    [InlineData("<iq id='1'><a/></iq>")]
    [InlineData("<iq type='other' id='1'><a/></iq>")]
    [InlineData("<iq type='set' id='1'><a/><b/></iq>")]
    public void A_malformed_request_is_bad(string xml) =>
        Should.Throw<StanzaErrorException>(() => StanzaReply.Payload(XmlStreamReader.ParseElement(xml, Ns.Client))).Condition.ShouldBe(StanzaCondition.BadRequest);

    [Fact]
    [Trait("Requirement", "C-226")]
    public void Ids_do_not_repeat() => Enumerable.Range(0, 1000).Select(_ => StanzaId.New()).Distinct().Count().ShouldBe(1000);
}
