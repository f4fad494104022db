// SPDX-License-Identifier: Apache-2.0
var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddRazorPages();
WebApplication app = builder.Build();
app.MapRazorPages();
await app.RunAsync();
