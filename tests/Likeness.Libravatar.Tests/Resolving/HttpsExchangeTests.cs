using Likeness.Libravatar.Resolving;
using Likeness.Libravatar.Tests.Fetching;

namespace Likeness.Libravatar.Tests.Resolving;

[Trait("Requirement", "L-88")]
public sealed class HttpsExchangeTests
{
    private static readonly DnsQuestion Question = new("_avatars._tcp.example.org", DnsType.Srv);

    [Fact]
    public async Task A_question_is_posted_and_its_answer_believed()
    {
        await using var server = Serving(asked => Answer(DnsBytes.Reply(asked, DnsBytes.Srv(0, 0, 1, "a.example"))));

        (await Ask(server)).Answers.ShouldHaveSingleItem();
        var request = server.Requests.Single();
        request.ShouldStartWith("POST /dns-query HTTP/1.1\r\n");
        request.ShouldContain("\r\nContent-Type: application/dns-message\r\n");
        request.ShouldContain("\r\nAccept: application/dns-message\r\n");
    }

    [Fact]
    public async Task Anything_else_is_no_answer()
    {
        Func<DnsAsked, byte[]>[] answers =
        [
            asked => Answers.Status(500),
            asked => Answers.Picture(DnsBytes.Reply(asked), "Content-Type: text/html\r\n"),
            asked => Answer(DnsBytes.Truncated(asked)),
            asked => Answer(DnsBytes.Message(1, 0x8180, asked.Question, [], [])),
            asked => Answer(DnsBytes.Message(0, 0x8180, DnsBytes.Question("other.example", DnsType.Srv), [], [])),
            asked => Answer(new byte[70_000]),
            asked => Answers.Redirect("http://elsewhere.example/"),
        ];
        foreach (var answer in answers)
        {
            await using var server = Serving(answer);
            await Should.ThrowAsync<IOException>(() => Ask(server));
        }
    }

    private static byte[] Answer(byte[] message) => Answers.Picture(message, "Content-Type: application/dns-message\r\n");

    private static StandInServer Serving(Func<DnsAsked, byte[]> answer) => new(async connection =>
    {
        var request = await connection.ReadRequest();
        var length = int.Parse(request!.Split("Content-Length: ")[1].Split('\r')[0]);
        var query = await connection.ReadBody(length);
        await connection.Send(answer(new DnsAsked(query, true, new System.Net.IPEndPoint(0, 0))));
    });

    private static async Task<DnsMessage> Ask(StandInServer server)
    {
        using var client = HttpsExchange.CreateClient();
        return await new HttpsExchange(server.Url("/dns-query", "127.0.0.1"), client).Ask(Question, default);
    }
}
