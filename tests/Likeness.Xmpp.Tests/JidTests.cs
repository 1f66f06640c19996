namespace Likeness.Xmpp.Tests;

[Trait("Requirement", "C-75")]
public sealed class JidTests
{
    [Theory]
    [InlineData("example.org", null, "example.org", null)]
    [InlineData("ada@example.org", "ada", "example.org", null)]
    [InlineData("ada@example.org/a@b/c", "ada", "example.org", "a@b/c")]
    [InlineData("example.org/res", null, "example.org", "res")]
    [InlineData("Ada@EXAMPLE.org./Phone", "ada", "example.org", "Phone")]
    [InlineData("ada@example.org/ spaced out ", "ada", "example.org", " spaced out ")]
    [InlineData("d\\27artagnan@localhost", "d\\27artagnan", "localhost", null)]
    [InlineData("fu\u00DF@example.org", "fu\u00DF", "example.org", null)]
    [InlineData("\u03C0\u0399@example.org/\u03A0", "\u03C0\u03B9", "example.org", "\u03A0")]
    [InlineData("\uFF21da@example.org", "ada", "example.org", null)]
    [InlineData("e\u0301@example.org/e\u0301", "\u00E9", "example.org", "\u00E9")]
    [InlineData("ada@xn--mller-kva.example", "ada", "m\u00FCller.example", null)]
    [InlineData("ada@M\u00DCLLER.example", "ada", "m\u00FCller.example", null)]
    [InlineData("ada@[::1]/x", "ada", "[::1]", "x")]
    [InlineData("ada@127.0.0.1", "ada", "127.0.0.1", null)]
    [InlineData("a@b/\u00A0", "a", "b", " ")]
    public void Addresses_are_cut_and_normalised(string text, string? local, string domain, string? resource)
    {
        var jid = Jid.Parse(text);
        jid.Local.ShouldBe(local);
        jid.Domain.ShouldBe(domain);
        jid.Resource.ShouldBe(resource);
        jid.Text.ShouldBe((local is null ? "" : local + "@") + domain + (resource is null ? "" : "/" + resource));
        Jid.Parse(jid.Text).ShouldBe(jid);
        jid.Bare.Text.ShouldBe(jid.BareText);
        jid.Bare.IsBare.ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("@example.org")]
    [InlineData("ada@")]
    [InlineData("ada@example.org/")]
    [InlineData("/res")]
    [InlineData("ada@@example.org")]
    [InlineData("a da@example.org")]
    [InlineData("a\"da@example.org")]
    [InlineData("a&da@example.org")]
    [InlineData("a'da@example.org")]
    [InlineData("a:da@example.org")]
    [InlineData("a<da@example.org")]
    [InlineData("a>da@example.org")]
    [InlineData("a\u0000da@example.org")]
    [InlineData("a\u3000da@example.org")]
    [InlineData("a\u200Bda@example.org")]
    [InlineData("a\uE000da@example.org")]
    [InlineData("ada@exa mple.org")]
    [InlineData("ada@-example.org")]
    [InlineData("ada@example..org")]
    [InlineData("ada@exam_ple.org")]
    [InlineData("ada@[::1")]
    [InlineData("ada@[1.2.3.4]")]
    [InlineData("ada@example.org/\u0007")]
    public void Malformed_addresses_are_refused(string text)
    {
        Jid.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => Jid.Parse(text));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        Jid.TryParse("ada@example.org/" + (char)0xD800, out _).ShouldBeFalse();
        Jid.TryParse((char)0xDC00 + "@example.org", out _).ShouldBeFalse();
    }

    [Fact]
    public void Each_part_holds_1023_bytes_and_no_more()
    {
        Jid.TryParse($"{new string('a', 1023)}@b/{new string('c', 1023)}", out _).ShouldBeTrue();
        Jid.TryParse($"{new string('a', 1024)}@b", out _).ShouldBeFalse();
        Jid.TryParse($"a@b/{new string('c', 1024)}", out _).ShouldBeFalse();
        Jid.TryParse($"a@b/{new string('é', 511)}", out _).ShouldBeTrue();
        Jid.TryParse($"a@b/{new string('é', 512)}", out _).ShouldBeFalse();
        Jid.TryParse($"{new string('é', 512)}@b", out _).ShouldBeFalse();
    }

    [Fact]
    public void Equal_addresses_are_equal_values()
    {
        Jid.Parse("ADA@Example.ORG").ShouldBe(Jid.Parse("ada@example.org"));
        Jid.Parse("ada@example.org").WithResource("x").ShouldBe(Jid.Parse("ada@example.org/x"));
        Jid.Parse("ada@example.org/x").WithResource("y").Text.ShouldBe("ada@example.org/y");
        Jid.Parse("ada@example.org/x").ShouldNotBe(Jid.Parse("ada@example.org/X"));
        Jid.Parse("ada@example.org/x").Bare.ShouldBe(Jid.Parse("ada@example.org"));
    }

    [Fact]
    public void A_plain_address_costs_one_object()
    {
        const string text = "ada@example.org/phone";
        Jid.Parse(text).Text.ShouldBeSameAs(text);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var times = 0; times < 100_000; times++)
        {
            _ = Jid.Parse(text);
        }

        ((GC.GetAllocatedBytesForCurrentThread() - before) / 100_000).ShouldBeLessThan(100);
    }

    [Fact]
    public void Normalising_twice_changes_nothing()
    {
        var random = new Random(7);
        var accepted = 0;
        for (var times = 0; times < 20_000; times++)
        {
            var text = string.Concat(Enumerable.Range(0, 1 + random.Next(4)).Select(_ => (char)(random.Next(3) == 0 ? random.Next(0x20, 0x250) : random.Next(0x250, 0xFFF0))));
            if (Jid.NormalizeLocal(text) is { } local)
            {
                Jid.NormalizeLocal(local).ShouldBe(local, $"U+{string.Join(' ', text.Select(c => ((int)c).ToString("X4")))}");
                accepted++;
            }

            if (Jid.NormalizeResource(text) is { } resource)
            {
                Jid.NormalizeResource(resource).ShouldBe(resource);
            }
        }

        accepted.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void Each_address_has_its_own_domain_however_many_are_read_at_once() =>
        Parallel.For(0, 20_000, number =>
        {
            var domain = $"d{number % 3000}.example";
            Jid.Parse($"juliet@{domain}/balcony").Domain.ShouldBe(domain);
        });
}
