// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Grpc.Core;
using TokenLedger.Cli.Commands;
using TokenLedger.Cli.Network;
using TokenLedger.Crypto;

namespace TokenLedger.Cli.Shell;

/// <summary>Runs one command line: parse, refuse what makes no sense, do the work, print failures, give the
/// exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, CliEnvironment environment, CancellationToken token)
    {
        var globals = new GlobalOptions();
        if (args is [CompletionCommand.Ask, .. var words])
        {
            return Complete(Root.BuildAll(globals), words, environment);
        }

        if (args is ["help", .. var about])
        {
            args = [.. about, "--help"];
        }

        RootCommand root = Root.Build(globals, args);
        var parsing =
            new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null };
        ParseResult parsed = root.Parse(args, parsing);
        try
        {
            return (int)await DispatchAsync(args, parsed, globals, environment, token);
        }
        catch (CliException e)
        {
            ErrorReporter.Report(environment, Session.FormatOf(parsed, globals), e);
            return (int)e.Exit;
        }
        catch (Exception e) when (Explain(e, token) is { } explained)
        {
            ErrorReporter.Report(environment, Session.FormatOf(parsed, globals), explained);
            return (int)explained.Exit;
        }
    }

    private static async Task<ExitCode> DispatchAsync(
        string[] args, ParseResult parsed, GlobalOptions globals, CliEnvironment environment,
        CancellationToken token)
    {
        Command command = parsed.CommandResult.Command;
        if (args.Length == 0 || IsHelp(parsed))
        {
            HelpWriter.Write(environment.Out, command, environment.Terminal.Width);
            return ExitCode.Ok;
        }

        UsageErrors.ThrowIfAny(args, parsed);
        if (command is not TlCommand { Handler: { } handler })
        {
            if (command.Action is not null)
            {
                var streams = new InvocationConfiguration
                {
                    Output = environment.Out,
                    Error = environment.Error,
                    EnableDefaultExceptionHandler = false,
                };
                return (ExitCode)await parsed.InvokeAsync(streams, token);
            }

            HelpWriter.Write(environment.Error, command, environment.Terminal.Width);
            return ExitCode.Usage;
        }

        using var session = new Session(environment, parsed, globals);
        try
        {
            return await handler(session, token);
        }
        catch (CliException e)
        {
            throw FailureWords.For(session, e);
        }
    }

    private static int Complete(RootCommand root, string[] words, CliEnvironment environment)
    {
        foreach (string candidate in CompletionCommand.Candidates(root, words, Context))
        {
            environment.Out.WriteLine(candidate);
        }

        return 0;

        ContextFile? Context()
        {
            try
            {
                return new ContextStore(environment).Resolve(null);
            }
            catch (CliException)
            {
                // Completion never complains.
                return null;
            }
        }
    }

    private static bool IsHelp(ParseResult parsed)
    {
        for (SymbolResult? at = parsed.CommandResult; at is not null; at = at.Parent)
        {
            if (
                at is CommandResult c
                && c.Children.OfType<OptionResult>().Any(o => o.Option is HelpOption && !o.Implicit))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Everything else that can go wrong, as one message. A fault of this program is said to be
    /// one.</summary>
    private static CliException? Explain(Exception failure, CancellationToken token) => failure switch
    {
        OperationCanceledException or RpcException when token.IsCancellationRequested =>
            new CliException("INTERRUPTED", ExitCode.Failed, "Interrupted.", next: "Run it again."),
        RpcException e => RpcFailure.ToCli(e, new Uri("http://node")),
        CryptoUnavailableException e => new CliException(
            "CRYPTO_UNAVAILABLE", ExitCode.Failed, e.Message,
            next: "Install it again: src/TokenLedger.Cli/README.md tells how."),
        IOException or UnauthorizedAccessException => new CliException(
            "IO", ExitCode.Failed, failure.Message,
            next: "Check that the folder is there, that you may use it, and that its disk has room: df -h"),
        _ => new CliException(
            "BUG", ExitCode.Failed, "This program failed in a way that it should not.",
            $"{failure.GetType().Name}: {failure.Message}",
            "Please report the command line and this message."),
    };
}
