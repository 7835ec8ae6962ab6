const receipt = await send('ops@example.com', 'Deployment finished ✓');
receipt.status as string
