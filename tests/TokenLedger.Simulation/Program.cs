// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Simulation;

return CommandLine.Run(args, Console.Out);
