var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore();
await using var app = builder.Build();
app.Run(context => context.Response.WriteAsync("Pasteur\n"));
await app.RunAsync("http://127.0.0.1:4343");
