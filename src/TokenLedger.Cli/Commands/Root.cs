// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Help;
using TokenLedger.Cli.Networks;
using TokenLedger.Cli.Shell;

namespace TokenLedger.Cli.Commands;

/// <summary>The tree of commands. Of the nouns only the one on the command line is built in full: that starts
/// faster.</summary>
internal static class Root
{
    private const string Description = "tl: the command line of ministry, exchange, regulator and operator.";

    /// <summary>One noun: how it is called, what it is about, and its commands.</summary>
    private sealed record Noun(string Name, string Description, Func<Command> Build);

    private static readonly Noun[] Nouns =
    [
        new(ContextCommand.Name, ContextCommand.About, ContextCommand.Build),
        new(KeyCommand.Name, KeyCommand.About, KeyCommand.Build),
        new(NodeCommand.Name, NodeCommand.About, NodeCommand.Build),
        new(AssetCommand.Name, AssetCommand.About, AssetCommand.Build),
        new(AccountCommand.Name, AccountCommand.About, AccountCommand.Build),
        new(TransferCommand.Name, TransferCommand.About, TransferCommand.Build),
        new(ExchangeCommand.Name, ExchangeCommand.About, ExchangeCommand.Build),
        new(ProposalCommand.Name, ProposalCommand.About, ProposalCommand.Build),
        new(InstitutionCommand.Name, InstitutionCommand.About, InstitutionCommand.Build),
        new(PolicyCommand.Name, PolicyCommand.About, PolicyCommand.Build),
        new(TxCommand.Name, TxCommand.About, TxCommand.Build),
        new(BlockCommand.Name, BlockCommand.About, BlockCommand.Build),
        new(EventCommand.Name, EventCommand.About, EventCommand.Build),
        new(ProofCommand.Name, ProofCommand.About, ProofCommand.Build),
        new(BridgeCommand.Name, BridgeCommand.About, BridgeCommand.Build),
        new(DevnetCommand.Name, DevnetCommand.About, DevnetCommand.Build),
        new(CompletionCommand.Name, CompletionCommand.About, CompletionCommand.Build),
        new(VersionCommand.Name, VersionCommand.About, VersionCommand.Build),
        new(DocsCommand.Name, DocsCommand.About, DocsCommand.Build),
    ];

    /// <summary>The tree for one command line; the noun is its first word that is a noun's name.</summary>
    public static RootCommand Build(GlobalOptions globals, string[] args) =>
        Build(globals, noun => args.Contains(noun));

    /// <summary>The whole tree.</summary>
    public static RootCommand BuildAll(GlobalOptions globals) => Build(globals, _ => true);

    private static RootCommand Build(GlobalOptions globals, Func<string, bool> wanted)
    {
        var root = new RootCommand(Description);
        root.Options.Remove(root.Options.OfType<VersionOption>().Single());
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Add(new HelpOption("--help", "-h") { Description = "Show what a command does, and examples." });
        foreach (Option option in globals.All)
        {
            root.Add(option);
        }

        foreach (Noun noun in Nouns)
        {
            root.Add(wanted(noun.Name) ? noun.Build() : new TlCommand(noun.Name, noun.Description));
        }

        return root;
    }
}
