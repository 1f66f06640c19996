using Likeness.Server.Administration;
using Likeness.Server.Administration.Bulk;
using Likeness.Server.Options;
using Likeness.Web;

namespace Likeness.Server;

/// <summary>What administrators do on the pages are the operations of the commands, under the name of the account.</summary>
internal sealed class WebAdministration(OperationContext context, LikenessOptions options) : IAdministration, IPersonExport, IServerHealth, IServerSettings
{
    public async Task<string?> Carry(AdminAct act, Identity by, CancellationToken cancellationToken = default)
    {
        var answer = await Carry(
            act switch
            {
                AdminAct.Clear clear => new ClearAvatar(clear.Person.Value, clear.Reason),
                AdminAct.Lock held => new LockAvatar(held.Person.Value, held.Reason, held.Clears),
                AdminAct.Unlock unlock => new UnlockAvatar(unlock.Person.Value),
                AdminAct.Block block => new BlockPicture(block.Picture is null ? block.Person.Value : null, block.Picture?.Hex, null, Near: false, block.Reason),
                AdminAct.ClearProfile profile => new ClearProfile(profile.Person.Value, profile.Reason),
                AdminAct.GiveRole role => new GiveRole(role.Person.Value, role.Role, role.Domain),
                AdminAct.TakeRole role => new TakeRole(role.Person.Value, role.Domain),
                AdminAct.EndSessions end => new RevokeSessions(end.Person.Value),
                AdminAct.ConfirmAddress confirm => new AddAddress(confirm.Person.Value, confirm.Address, Trust: true),
                AdminAct.SetPicture picture => new SetAvatar(picture.Person.Value, picture.File.ToArray()),
                AdminAct.EndSecondFactor end => new EndSecondFactor(end.Person.Value),
                AdminAct.Disable disable => new DisableUser(disable.Person.Value, disable.Reason),
                AdminAct.Enable enable => new EnableUser(enable.Person.Value),
                AdminAct.Remove remove => new RemoveUser(remove.Person.Value),
                AdminAct.Invite invite => new Invite(invite.Name is { } name ? $"{name}@{invite.Domain}" : invite.Domain, null, null),
                _ => throw new ArgumentOutOfRangeException(nameof(act)),
            },
            by,
            cancellationToken);
        return act is AdminAct.Invite ? answer.Lines![0] : null;
    }

    public async Task<(string Name, byte[] Bytes)?> Export(Identity person, CancellationToken cancellationToken = default)
    {
        try
        {
            var answer = await Carry(new ExportPerson(person.Value), person, cancellationToken);
            return (answer.Text!, answer.Picture!);
        }
        catch (ActRefusedException)
        {
            // Neither picture nor address.
            return null;
        }
    }

    public async Task<IReadOnlyList<ServerFinding>> Look(CancellationToken cancellationToken = default) =>
        [.. (await context.Health!.Read(cancellationToken)).Select(finding => new ServerFinding(finding.Name, finding.Works, finding.IsDegraded, finding.Text))];

    public IReadOnlyList<ServerSetting> Read() =>
        [.. SettingsInForce.Of(options.Said).Select(setting => new ServerSetting(setting.Group.Title, setting.Name, setting.Value, setting.Place, setting.Key.Meaning))];

    private async Task<Answer> Carry(Operation operation, Identity by, CancellationToken cancellationToken)
    {
        try
        {
            return await operation.Carry(context with { By = by.Value }, cancellationToken);
        }
        catch (OperationRefusedException refused)
        {
            throw new ActRefusedException(refused.Message, refused);
        }
    }
}
