// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Node;
using TokenLedger.Node.Configuration;

if (args is not (["--config", _] or ["--config", _, "--from-snapshot", _]))
{
    await Console.Error.WriteLineAsync("usage: tokenledger-node --config FILE [--from-snapshot FILE]")
        .ConfigureAwait(false);
    return NodeFailure.Usage;
}

try
{
    return await NodeHost.RunAsync(NodeOptionsFile.Load(args[1]), args.ElementAtOrDefault(3))
        .ConfigureAwait(false);
}
#pragma warning disable CA1031 // The last frame: every failure becomes one message and an exit code.
catch (Exception e)
#pragma warning restore CA1031
{
    NodeFailure failure = NodeFailure.Of(e);
    await Console.Error.WriteLineAsync(failure.Text).ConfigureAwait(false);
    return failure.ExitCode;
}
