using Likeness.Accounts;
using Likeness.Libravatar;
using Likeness.Stores;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Likeness.Web.Pages;

/// <summary><c>/admin/roles</c>: who administers, and who said so.</summary>
[Needs(Right.Server)]
[Fresh]
internal sealed class RolesModel(IRoleStore stored, RoleBook roles, DomainPolicies policies, Administrators administrators) : SitePage
{
    public IReadOnlyList<HeldRole> Held { get; private set; } = [];

    /// <summary>Those of the configuration, who lose it there alone.</summary>
    public IReadOnlyList<Identity> Named => [.. roles.Named];

    public IReadOnlyList<string> Domains => [.. policies.All.Select(policy => policy.Domain)];

    public static IReadOnlyList<Role> Roles { get; } = [Role.Operator, Role.Administrator, Role.Moderator];

    public bool IsDone { get; private set; }

    public string? Typed { get; private set; }

    /// <summary>Nobody takes back what lets them do so.</summary>
    public bool MayTake(HeldRole role) => role.Account != Visitor.Account || role.Domain is not null;

    public async Task OnGet(string? done)
    {
        IsDone = done is not null;
        Held = await stored.List(HttpContext.RequestAborted);
    }

    public Task<IActionResult> OnPostGive([FromForm] string? account, [FromForm] string? role, [FromForm] string? domain)
    {
        Typed = account?.Trim();
        return Roles.FirstOrDefault(one => one.ToString().Equals(role, StringComparison.OrdinalIgnoreCase), (Role)(-1)) is var given && Enum.IsDefined(given) && Address.TryParse(Typed ?? "", out var person) && person.Kind == AddressKind.Email
            ? Do(new AdminAct.GiveRole(new Identity(person.Text), given, given == Role.Operator ? null : domain))
            : Refused(T["roles.nobody"]);
    }

    public async Task<IActionResult> OnPostTake([FromForm] string? account, [FromForm] string? domain)
    {
        Held = await stored.List(HttpContext.RequestAborted);
        return Held.FirstOrDefault(role => role.Account.Value == account && role.Domain == domain) is { } held && MayTake(held)
            ? await Do(new AdminAct.TakeRole(held.Account, held.Domain))
            : NotFound();
    }

    private async Task<IActionResult> Do(AdminAct act)
    {
        try
        {
            await administrators.Do(act, Visitor);
            return SeeOther("/admin/roles?done=yes");
        }
        catch (ActRefusedException refused)
        {
            return await Refused(refused.Message);
        }
    }

    private async Task<IActionResult> Refused(string problem)
    {
        await OnGet(null);
        return Refuse(StatusCodes.Status422UnprocessableEntity, problem);
    }
}
