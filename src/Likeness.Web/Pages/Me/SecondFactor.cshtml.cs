using System.Globalization;
using System.Text;
using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using ZXing;
using ZXing.QrCode;

namespace Likeness.Web.Pages;

/// <summary><c>/me/second-factor</c>: turned on with an authenticator, turned off, other recovery codes.</summary>
[Fresh]
internal sealed class SecondFactorModel(SecondFactors factors, Entrance entrance, Notices notices, IWebStepStore steps, DomainPolicies policies, PageOptions options, TimeProvider time) : SitePage
{
    private const string Kind = "second factor on";
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(15);

    /// <summary>Null: it is off.</summary>
    public SecondFactor? Factor { get; private set; }

    /// <summary>To be shown this once; null: nothing new.</summary>
    public IReadOnlyList<string>? Codes { get; private set; }

    /// <summary>Of the authenticator that is to be tied to the account; null: none is.</summary>
    public byte[]? Secret { get; private set; }

    /// <summary>Whoever administers has to have one.</summary>
    public bool IsWanted => options.AdministratorsNeedSecondFactor && Visitor.Rights.Has(Right.Pictures) && !Visitor.Session!.IsStrong;

    public string SecretText => string.Join(' ', OneTimeCodes.Text(Secret).Chunk(4).Select(part => new string(part)));

    public string Uri => OneTimeCodes.Uri(Secret!, Visitor.Account, policies.ForHost(Request.Host.Host).Domain);

    /// <summary>The path of a picture of <see cref="Uri"/>, a unit for each dot, and how wide it is with its margin.</summary>
    public (int Width, string Path) Picture()
    {
        // As small as it can be: a dot for each bit.
        var code = new QRCodeWriter().encode(Uri, BarcodeFormat.QR_CODE, 0, 0);
        var path = new StringBuilder();
        for (var y = 0; y < code.Height; y++)
        {
            for (var x = 0; x < code.Width; x++)
            {
                if (code[x, y])
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
                }
            }
        }

        return (code.Width, path.ToString());
    }

    public async Task OnGet() => Factor = await factors.Find(Visitor.Account, HttpContext.RequestAborted);

    public async Task<IActionResult> OnPostBegin()
    {
        await OnGet();
        if (Factor is not null)
        {
            return SeeOther("/me/second-factor");
        }

        await Offer(OneTimeCodes.NewSecret());
        return Page();
    }

    public async Task<IActionResult> OnPostConfirm([FromForm] string? code)
    {
        await OnGet();
        if (Factor is not null || await steps.Take(Visitor.Browser, Kind, time.GetUtcNow(), CancellationToken.None) is not { } kept
            || factors.Open(Visitor.Account, Convert.FromHexString(kept)) is not { } secret)
        {
            return SeeOther("/me/second-factor");
        }

        try
        {
            if (await factors.TurnOn(Visitor.Account, secret, code ?? "", CancellationToken.None) is { } codes)
            {
                // All sessions ended with it, this one too.
                Codes = codes;
                await notices.Tell(Visitor.Account, "factor");
                await entrance.Enter(HttpContext, Visitor.Account, SignInMeans.PasswordAndCode, back: null);
                await OnGet();
                return Page();
            }
        }
        catch (AccountRefusedException refused)
        {
            await Offer(secret);
            return Refuse(refused);
        }

        await Offer(secret);
        return Refuse(StatusCodes.Status422UnprocessableEntity, T["code.wrong"]);
    }

    public async Task<IActionResult> OnPostRenew()
    {
        Codes = await factors.Renew(Visitor.Account, CancellationToken.None);
        await OnGet();
        return Page();
    }

    public async Task<IActionResult> OnPostOff()
    {
        if (await factors.TurnOff(Visitor.Account, Visitor.Account.Value, CancellationToken.None))
        {
            await notices.Tell(Visitor.Account, "nofactor");
        }

        return SeeOther("/me/second-factor");
    }

    private async Task Offer(byte[] secret)
    {
        Secret = secret;
        await steps.Put(new WebStep(Visitor.Browser, Kind, Convert.ToHexString(factors.Seal(Visitor.Account, secret)), time.GetUtcNow() + Timeout), CancellationToken.None);
    }
}
