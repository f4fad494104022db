// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Cli.Shell;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};
return await CommandLine.RunAsync(args, CliEnvironment.OfProcess(), interrupted.Token);
