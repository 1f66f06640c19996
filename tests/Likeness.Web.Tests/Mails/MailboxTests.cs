using Likeness.Web.Mails;

namespace Likeness.Web.Tests.Mails;

/// <summary>What is taken for an address to which mail can go.</summary>
public sealed class MailboxTests
{
    [Theory]
    [InlineData("nurse@mantua.example")]
    [InlineData("nurse+lists@mantua.example")]
    [InlineData("\"nurse\"@mantua.example")]
    [InlineData("jürg@bücher.example")]
    [InlineData("jürg@xn--bcher-kva.example")]
    [InlineData("noreply@localhost")]
    public void An_address_is_one_and_so_is_one_in_other_letters_whichever_way_its_domain_is_written(string text) => MailOptions.IsMailbox(text).ShouldBeTrue();

    [Theory]
    [InlineData("nurse", "no domain")]
    [InlineData("https://mantua.example/", "an address of a page")]
    [InlineData("Nurse@mantua.example", "capitals, which make another one of it")]
    [InlineData("\"nurse tybalt\"@mantua.example", "a space")]
    [InlineData("nurse\u00A0@mantua.example", "a space of another kind")]
    [InlineData("nurse\u009B@mantua.example", "a control character")]
    [InlineData("nurse@mantua.example(tybalt)", "a remark")]
    [InlineData("nurse(tybalt)@mantua.example", "a remark")]
    [InlineData("<nurse@mantua.example>", "something around it")]
    [InlineData("nurse@[127.0.0.1]", "a network address, which may be one inside")]
    [InlineData("nurse@10.1.2.3", "a network address")]
    [InlineData("nurse@10.1.2.3.", "a network address, and a dot")]
    [InlineData("nurse@mantua.example.", "a dot")]
    [InlineData("nurse@mantua..example", "two dots")]
    [InlineData("nurse@man\u00ADtua.example", "the same mailbox in another spelling")]
    [InlineData("nurse@mantua\u3002example", "the same mailbox in another spelling")]
    [InlineData("nurse@bu\u0308cher.example", "the same mailbox in another spelling")]
    [InlineData("nurse@mantua.example/x", "no domain")]
    public void What_is_more_or_less_than_an_address_or_another_spelling_of_one_is_none(string text, string why) => MailOptions.IsMailbox(text).ShouldBeFalse(why);
}
