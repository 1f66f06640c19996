using System.Text;
using Likeness.Xmpp.Sasl;

namespace Likeness.Xmpp.Tests.Sasl;

[Trait("Requirement", "C-43")]
public sealed class ScramTests
{
    private static readonly byte[] EndPoint = "certificate hash"u8.ToArray();
    private static readonly Dictionary<(string, ScramHash), ScramCredentials> Accounts = new()
    {
        [("ada", ScramHash.Sha1)] = ScramKeyDerivation.Derive("pencil", ScramHash.Sha1, 4096),
        [("ada", ScramHash.Sha256)] = ScramKeyDerivation.Derive("pencil", ScramHash.Sha256, 4096),
        [("a,=b", ScramHash.Sha256)] = ScramKeyDerivation.Derive("pencil", ScramHash.Sha256, 4096),
    };

    [Theory]
    [InlineData(ScramHash.Sha1, "QSXCR+Q6sek8bf92", "fyko+d2lbbFgONRv9qkxdawL", "3rfcNHYJY1ZVvWVs7j", "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "rmF9pqV8S7suAoZWja4dJRkFsKQ=", "6dlGYMOdZcOPutkcNY8U2g7vK9Y=", "D+CSWLOshSulAsxiupA+qs2/fTE=")]
    [InlineData(ScramHash.Sha256, "W22ZaJ0SNY7soEsUEjb6gQ==", "rOprNGfwEbeRWgbNEkqO", "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=", "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=")]
    public async Task The_examples_of_the_documents_are_met_by_both_sides(
        ScramHash hash, string salt, string clientNonce, string serverNonce, string proof, string verifier, string storedKey, string serverKey)
    {
        var keys = ScramKeyDerivation.Derive("pencil", hash, Convert.FromBase64String(salt), 4096);
        Convert.ToBase64String(keys.StoredKey).ShouldBe(storedKey);
        Convert.ToBase64String(keys.ServerKey).ShouldBe(serverKey);
        var client = new ScramClient(hash, "user", "pencil", null, false, clientNonce);
        var server = new ScramServer(hash, plus: false, Context() with { Find = (_, _, _) => ValueTask.FromResult<ScramCredentials?>(keys) }) { NonceSuffix = serverNonce };

        var first = client.Start();
        Encoding.UTF8.GetString(first).ShouldBe($"n,,n=user,r={clientNonce}");
        var challenge = (await server.Step(first)).Data!;
        Encoding.UTF8.GetString(challenge).ShouldBe($"r={clientNonce}{serverNonce},s={salt},i=4096");
        var final = client.Respond(challenge);
        Encoding.UTF8.GetString(final).ShouldBe($"c=biws,r={clientNonce}{serverNonce},p={proof}");
        var success = await server.Step(final);
        Encoding.UTF8.GetString(success.Data!).ShouldBe($"v={verifier}");
        client.Finish(success.Data);
    }

    [Fact]
    [Trait("Requirement", "K-15")]
    public async Task What_was_offered_is_proven_as_in_the_example_of_XEP_0474()
    {
        var announced = SaslServerContext.Announcement(["SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"], ["tls-server-end-point", "tls-exporter"]);
        announced.ShouldBe("SCRAM-SHA-1\x1ESCRAM-SHA-1-PLUS\x1Ftls-exporter\x1Etls-server-end-point");
        var server = new ScramServer(ScramHash.Sha1, plus: false, Context() with { Announced = announced });

        var challenge = (await server.Step(new ScramClient(ScramHash.Sha1, "ada", "pencil").Start())).Data!;

        Encoding.UTF8.GetString(challenge).ShouldEndWith(",i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08=");
    }

    [Theory]
    [Trait("Requirement", "K-15")]
    [InlineData("SCRAM-SHA-1 SCRAM-SHA-256", "tls-exporter", true)]
    [InlineData("SCRAM-SHA-1", "tls-exporter", false)]
    [InlineData("SCRAM-SHA-1 SCRAM-SHA-256", "", false)]
    [InlineData("SCRAM-SHA-1 SCRAM-SHA-256", "tls-server-end-point", false)]
    public async Task A_client_notices_when_something_was_taken_out_of_the_offer(string mechanisms, string binding, bool isWhole)
    {
        var server = Context() with { Announced = SaslServerContext.Announcement(["SCRAM-SHA-256", "SCRAM-SHA-1"], ["tls-exporter"]) };
        var client = new ScramClient(ScramHash.Sha1, "ada", "pencil")
        {
            Announced = SaslServerContext.Announcement(mechanisms.Split(' '), binding.Length == 0 ? [] : [binding]),
        };

        var exchange = Exchange(client, new ScramServer(ScramHash.Sha1, plus: false, server));

        if (isWhole)
        {
            (await exchange).Outcome.ShouldBe(SaslOutcome.Success);
        }
        else
        {
            (await Should.ThrowAsync<SaslException>(exchange)).Message.ShouldContain("changed");
        }
    }

    [Theory]
    [Trait("Requirement", "K-13")]
    [InlineData("tls-exporter", "certificate hash", true)]
    [InlineData("tls-server-end-point", "the connection", true)]
    [InlineData("tls-exporter", null, false)]
    [InlineData("tls-unique", null, false)]
    public async Task Only_a_binding_that_was_offered_is_taken_and_only_with_its_own_data(string type, string? wrongData, bool isOffered)
    {
        var context = Context() with { EndPoint = EndPoint, Exporter = type == "tls-exporter" && !isOffered ? null : "the connection"u8.ToArray() };
        var data = type == "tls-exporter" ? "the connection"u8.ToArray() : EndPoint;
        ScramClient Client(byte[] binding) => new(ScramHash.Sha1, "ada", "pencil", binding) { BindingType = type };

        var step = await Exchange(Client(data), new ScramServer(ScramHash.Sha1, plus: true, context));

        step.Outcome.ShouldBe(isOffered ? SaslOutcome.Success : SaslOutcome.Failure);
        if (wrongData is not null)
        {
            var wrong = await Exchange(Client(Encoding.UTF8.GetBytes(wrongData)), new ScramServer(ScramHash.Sha1, plus: true, context));
            wrong.Condition.ShouldBe("not-authorized");
        }
    }

    [Theory]
    [InlineData("ada", "pencil", ScramHash.Sha1, false)]
    [InlineData("ADA", "pencil", ScramHash.Sha256, false)]
    [InlineData("ada", "pencil", ScramHash.Sha1, true)]
    [InlineData("ada", "pencil", ScramHash.Sha256, true)]
    [InlineData("a,=b", "pencil", ScramHash.Sha256, true)]
    public async Task The_right_password_opens(string user, string password, ScramHash hash, bool plus)
    {
        var step = await Exchange(new ScramClient(hash, user, password, plus ? EndPoint : null), Server(hash, plus));
        step.Outcome.ShouldBe(SaslOutcome.Success);
        step.Account.ShouldBe(user.ToLowerInvariant());
    }

    [Theory]
    [Trait("Requirement", "C-44")]
    [InlineData("ada", "pencils")]
    [InlineData("nobody", "pencil")]
    [InlineData("a b", "pencil")]
    public async Task A_wrong_password_and_an_unknown_user_look_the_same(string user, string password)
    {
        var step = await Exchange(new ScramClient(ScramHash.Sha256, user, password), Server(ScramHash.Sha256, plus: false));
        step.ShouldBe(SaslStep.Failure("not-authorized"));
    }

    [Fact]
    [Trait("Requirement", "C-44")]
    public async Task An_unknown_user_is_shown_the_same_salt_each_time()
    {
        var salts = new List<string>();
        foreach (var user in new[] { "nobody", "nobody", "someone" })
        {
            var step = await Server(ScramHash.Sha256, plus: false).Step(new ScramClient(ScramHash.Sha256, user, "x").Start());
            salts.Add(Encoding.UTF8.GetString(step.Data!).Split(",s=")[1]);
        }

        salts[0].ShouldBe(salts[1]);
        salts[0].ShouldNotBe(salts[2]);
        salts[0].ShouldEndWith(",i=10000");
    }

    [Theory]
    [Trait("Requirement", "C-44")]
    [InlineData(ScramHash.Sha1)]
    [InlineData(ScramHash.Sha256)]
    public async Task An_unknown_user_has_another_salt_at_another_domain_as_an_account_would(ScramHash hash)
    {
        var salts = new List<string>();
        foreach (var domain in new[] { "example.org", "example.net" })
        {
            var server = new ScramServer(hash, plus: false, Context() with { Domain = domain });
            var step = await server.Step(new ScramClient(hash, "nobody", "x").Start());
            salts.Add(Encoding.UTF8.GetString(step.Data!).Split(",s=")[1]);
        }

        salts[0].ShouldNotBe(salts[1]);
    }

    [Fact]
    [Trait("Requirement", "C-49")]
    public async Task No_password_is_looked_at_when_the_user_is_not_admitted_right_or_wrong_known_or_not()
    {
        foreach (var (user, password) in new[] { ("ada", "pencil"), ("ada", "wrong"), ("nobody", "pencil") })
        {
            List<string> asked = [];
            var context = Context() with
            {
                Admit = name =>
                {
                    asked.Add(name);
                    return false;
                },
            };
            (await Exchange(new ScramClient(ScramHash.Sha256, user, password), new ScramServer(ScramHash.Sha256, plus: false, context)))
                .ShouldBe(SaslStep.Failure("temporary-auth-failure"));
            (await new PlainServer(context).Step(new PlainClient(user, password).Start())).ShouldBe(SaslStep.Failure("temporary-auth-failure"));
            asked.ShouldBe([user, user]);
        }
    }

    [Theory]
    [Trait("Requirement", "C-46")]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Who_says_that_no_binding_was_offered_is_refused_when_it_was(bool offered, bool refused)
    {
        var server = new ScramServer(ScramHash.Sha256, plus: false, Context() with { EndPoint = offered ? EndPoint : null });
        var step = await Exchange(new ScramClient(ScramHash.Sha256, "ada", "pencil", couldBind: true), server);
        (step.Outcome == SaslOutcome.Failure).ShouldBe(refused);
    }

    [Fact]
    [Trait("Requirement", "C-46")]
    public async Task A_binding_to_another_channel_is_refused() =>
        (await Exchange(new ScramClient(ScramHash.Sha256, "ada", "pencil", "other hash"u8.ToArray()), Server(ScramHash.Sha256, plus: true))).Condition.ShouldBe("not-authorized");

    [Theory]
    [InlineData("p=tls-unique,,n=ada,r=x", true, "malformed-request")]
    [InlineData("n,,n=ada,r=x", true, "not-authorized")]
    [InlineData("p=tls-server-end-point,,n=ada,r=x", false, "not-authorized")]
    [InlineData("n,,m=1,n=ada,r=x", false, "malformed-request")]
    [InlineData("n,,n=a=2cda,r=x", false, "malformed-request")]
    [InlineData("n,,n=a=da,r=x", false, "malformed-request")]
    [InlineData("n,,n=,r=x", false, "malformed-request")]
    [InlineData("n,,n=ada,r=", false, "malformed-request")]
    [InlineData("n,,n=ada", false, "malformed-request")]
    [InlineData("q,,n=ada,r=x", false, "malformed-request")]
    [InlineData("n,x=y,n=ada,r=x", false, "malformed-request")]
    [InlineData("n,,n=ada,r=\u00e9", false, "malformed-request")]
    [InlineData("", false, "malformed-request")]
    public async Task First_messages_that_are_not_acceptable_are_refused(string message, bool plus, string condition) =>
        (await Server(ScramHash.Sha256, plus).Step(Encoding.UTF8.GetBytes(message))).ShouldBe(SaslStep.Failure(condition));

    [Theory]
    [InlineData("c=biws,r=other,p=AAAA", "not-authorized")]
    [InlineData("c=biws", "malformed-request")]
    [InlineData("c=b!ws,r=x,p=AAAA", "malformed-request")]
    [InlineData("c=biws,r=x,p=AAA", "malformed-request")]
    [InlineData("c=eSws,r=NONCE,p=PROOF", "not-authorized")]
    public async Task Last_messages_that_are_not_acceptable_are_refused(string message, string condition)
    {
        var server = Server(ScramHash.Sha256, plus: false);
        await server.Step(new ScramClient(ScramHash.Sha256, "ada", "pencil").Start());
        (await server.Step(Encoding.UTF8.GetBytes(message.Replace("PROOF", Convert.ToBase64String(new byte[32]))))).ShouldBe(SaslStep.Failure(condition));
        (await server.Step("again"u8.ToArray())).Outcome.ShouldBe(SaslOutcome.Failure);
    }

    [Theory]
    [Trait("Requirement", "C-45")]
    [InlineData("ada@example.org", SaslOutcome.Success)]
    [InlineData("ADA@example.org", SaslOutcome.Success)]
    [InlineData("eve@example.org", SaslOutcome.Failure)]
    [InlineData("ada@example.net", SaslOutcome.Failure)]
    public async Task Nobody_acts_as_somebody_else(string authorization, SaslOutcome outcome)
    {
        var step = await new PlainServer(Context()).Step(new PlainMessage(authorization, "ada", "pencil").ToBytes());
        step.Outcome.ShouldBe(outcome);
        step.Condition.ShouldBe(outcome == SaslOutcome.Failure ? "invalid-authzid" : null);
    }

    [Fact]
    public async Task Without_initial_response_the_server_asks_for_it() =>
        (await Server(ScramHash.Sha256, plus: false).Step(null)).Data.ShouldBeEmpty();

    [Theory]
    [InlineData("r=other,s=QSXCR+Q6sek8bf92,i=4096")]
    [InlineData("r=mine,s=QSXCR+Q6sek8bf92,i=4096")]
    [InlineData("r=minex,s=QSXCR+Q6sek8bf92,i=4095")]
    [InlineData("r=minex,s=QSXCR+Q6sek8bf92,i=999999999")]
    [InlineData("r=minex,s=,i=4096")]
    [InlineData("e=other-error")]
    public void A_client_refuses_a_server_that_is_weak_or_wrong(string challenge)
    {
        var client = new ScramClient(ScramHash.Sha1, "ada", "pencil", null, false, "mine");
        Should.Throw<SaslException>(() => client.Respond(Encoding.UTF8.GetBytes(challenge)));
    }

    [Fact]
    public async Task A_client_refuses_a_server_that_does_not_know_the_password()
    {
        var client = new ScramClient(ScramHash.Sha1, "ada", "pencil");
        var server = Server(ScramHash.Sha1, plus: false);
        client.Respond((await server.Step(client.Start())).Data!);
        Should.Throw<SaslException>(() => client.Finish(null));
        Should.Throw<SaslException>(() => client.Finish("v=AAAA"u8.ToArray()));
    }

    private static async Task<SaslStep> Exchange(ScramClient client, ScramServer server)
    {
        var step = await server.Step(client.Start());
        while (step.Outcome == SaslOutcome.Challenge)
        {
            step = await server.Step(client.Respond(step.Data!));
        }

        if (step.Outcome == SaslOutcome.Success)
        {
            client.Finish(step.Data);
        }

        return step;
    }

    private static ScramServer Server(ScramHash hash, bool plus) => new(hash, plus, Context() with { EndPoint = plus ? EndPoint : null });

    private static SaslServerContext Context() => new()
    {
        Domain = "example.org",
        Secret = "secret"u8.ToArray(),
        Find = (user, hash, _) => ValueTask.FromResult(Accounts.GetValueOrDefault((user, hash))),
    };
}
